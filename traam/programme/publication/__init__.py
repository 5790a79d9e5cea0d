"""The right to publish: what was validated is released as a frozen copy, and may be withdrawn."""
