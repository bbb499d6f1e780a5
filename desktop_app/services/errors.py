"""The errors a person may read, for services and ui; defined where models can raise them too."""

from desktop_app.models.errors import AppError, BugError, EnvironmentProblem, UserError

__all__ = ["AppError", "BugError", "EnvironmentProblem", "UserError"]
