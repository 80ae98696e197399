"""What scenarios share when they are written down: people, numbers, phrases, templates.

ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3
"""
