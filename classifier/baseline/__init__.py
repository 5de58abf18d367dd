"""The classifier that needs no model library: linear on hashed character n-grams, served with numpy alone."""
