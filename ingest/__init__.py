"""Files in, citable passages out; knows nothing of search."""
