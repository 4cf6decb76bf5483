"""Figures over marked articles and questions: how often speakers and answers are right. Not part of answering."""
