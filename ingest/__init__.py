"""One file becomes one Report: clean text, passages and figures. Imports none of the other rooms."""
