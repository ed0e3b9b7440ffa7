"""How the process is served: gunicorn's workers, its refusals and log lines, and the development server.

Imports nothing of the application at its top: gunicorn's master and its unpatched workers read it first.
"""
