"""Surveys: questionnaire, intake, quality, design, weights, estimation, tests."""
