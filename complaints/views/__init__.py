"""HTTP: shape in, one action or query, shape out."""
