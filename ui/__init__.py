"""The only folder that prints, reads settings and builds objects."""
