"""Solar flares of the lab: reading them, learning from them, here and as a job."""
