"""Passages in, ranked hits out."""
