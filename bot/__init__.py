"""Answers out: questions put to the articles, answered with quotes that can be checked."""
