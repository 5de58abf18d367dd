"""The classifier as a Django app, for its management commands. It has no models and reads no settings."""

from django.apps import AppConfig


class ClassifierConfig(AppConfig):
    name = "classifier"
