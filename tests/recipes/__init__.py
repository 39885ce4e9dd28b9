"""The pipelines of docs/how-to/recipes, done by a build server that is one folder for each job."""
