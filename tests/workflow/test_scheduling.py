"""What the Snakefile relies on inside Snakemake."""

import inspect

from snakemake.scheduling.job_scheduler import JobScheduler


def test_snakemake_does_without_a_limit_of_jobs_a_second() -> None:
    """The Snakefile lifts it, because every look at it leaves a timer that makes Snakemake look again."""
    source = inspect.getsource(JobScheduler)
    assert "self.job_rate_limiter = (" in source
    assert "if self.job_rate_limiter is None:" in source
