"""How people see it: the pages, the server that serves them, and the files that hold them.

Reads stored traces and findings; runs nothing, and imports neither LangGraph nor a provider's SDK.
"""
