"""The whole catalogue as files, made of what is public and kept until it changes."""
