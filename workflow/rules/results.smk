JOBS = [f"{RESULTS}/jobs/{stack}.npz" for stack in GRID.stacks()]
TUNING = sorted({f"{RESULTS}/tuning/{stack.task}/{stack.cell}/{stack.variant}.json" for stack in GRID.stacks()})
DATA = sorted({f"{RESULTS}/data/{stack.task}/{stack.length}.npz" for stack in GRID.stacks()})
TABLES = expand(f"{RESULTS}/{{table}}.parquet", table=["runs", "curves", "tuning", "gradients", "rates", "attribution"])


rule collect:
    input:
        DATA,
        TUNING,
        JOBS,
    output:
        TABLES,
        f"{RESULTS}/data.json",
    log:
        f"{LOGS}/collect.log",
    params:
        results=subpath(output[0], parent=True),
        stacks=GRID.groups(),
    shell:
        "exec python -m workflow.steps.collect --stacks {params.stacks} --results {params.results} > {log} 2>&1"


rule provenance:
    input:
        TUNING,
        JOBS,
    output:
        f"{RESULTS}/provenance.json",
    log:
        f"{LOGS}/provenance.log",
    params:
        digest=GRID.experiment.digest(),
        experiment=str(EXPERIMENT_FILE),
        results=subpath(output[0], parent=True),
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
        results=subpath(output[0], parent=True),
    shell:
        "exec python -m workflow.steps.report --results {params.results} > {log} 2>&1"
