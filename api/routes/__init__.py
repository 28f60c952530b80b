"""The addresses of the service, a file a subject."""
