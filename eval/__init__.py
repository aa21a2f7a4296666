"""Measures index/ and assistant/ on questions with known evidence."""
