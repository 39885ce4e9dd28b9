"""The pytest shell: it observes, obeys and prints. Policy lives in `pytest_pyramid.core`."""
