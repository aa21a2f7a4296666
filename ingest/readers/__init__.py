"""One module per format: decoded text (or bytes) in, blocks out."""
