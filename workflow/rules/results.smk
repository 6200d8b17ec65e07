JOBS = [str(job_file(Path(RESULTS), stack)) for stack in GRID.stacks()]
TABLES = expand(f"{RESULTS}/{{table}}.parquet", table=["runs", "curves", "tuning", "gradients", "rates"])


rule collect:
    input:
        JOBS,
    output:
        TABLES,
        f"{RESULTS}/data.json",
    log:
        f"{LOGS}/collect.log",
    params:
        results=RESULTS,
        stacks=GRID.groups(),
    shell:
        "exec python -m workflow.steps.collect --stacks {params.stacks} --results {params.results} > {log} 2>&1"


rule provenance:
    input:
        JOBS,
    output:
        f"{RESULTS}/provenance.json",
    log:
        f"{LOGS}/provenance.log",
    params:
        digest=GRID.experiment.digest(),
        experiment=str(EXPERIMENT_FILE),
        results=RESULTS,
        stacks=GRID.groups(),
    shell:
        "exec python -m workflow.steps.provenance --stacks {params.stacks} --experiment {params.experiment}"
        " --digest {params.digest} --results {params.results} > {log} 2>&1"


rule report:
    input:
        TABLES,
        f"{RESULTS}/data.json",
        f"{RESULTS}/provenance.json",
        sources=[str(path) for path in sorted(Path("reports").rglob("*.*")) if "__pycache__" not in path.parts],
    output:
        f"{RESULTS}/report.json",
        f"{RESULTS}/report.html",
        f"{RESULTS}/report.pdf",
    log:
        f"{LOGS}/report.log",
    params:
        results=RESULTS,
    shell:
        "exec python -m workflow.steps.report --results {params.results} > {log} 2>&1"
