"""The transformer behind the classifier: steps that train it, and the class that serves its artefact."""
