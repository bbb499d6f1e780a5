"""The program on Windows binaries, from Linux: a Windows Python, its wheels and a Wine prefix, in a cache folder.

Evidence, not a release: what is shipped is built by the same spec on a real Windows with the official Python.
"""
