"""Prompt templates for an optional language model: data with checked slots. Imports none of the other rooms."""
