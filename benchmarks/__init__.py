"""Speed and quality, measured and compared; never a timed test."""
