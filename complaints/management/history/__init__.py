"""A made-up past for trials of size: cases over years, whole in every table, written by COPY. No case is real."""
