"""The app that holds the assembly: commands, health and error pages."""

from django.apps import AppConfig


class DeployConfig(AppConfig):
    name = "deploy"
