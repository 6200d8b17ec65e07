JOBS = [f"{RESULTS}/jobs/{stack}.npz" for stack in GRID.stacks()]
TUNING = [f"{RESULTS}/tuning/{stack}.json" for stack in GRID.tuned_stacks()]
INITIAL = [f"{RESULTS}/initial/{stack}.npz" for stack in GRID.measured_stacks()]
DATA = sorted({f"{RESULTS}/data/{stack.task}/{stack.length}.npz" for stack in GRID.measured_stacks()})
TABLES = expand(
    f"{RESULTS}/{{table}}.parquet",
    table=["runs", "curves", "tuning", "gradients", "rates", "horizons", "spectra", "attribution", "decoded"],
)


rule collect:
    input:
        DATA,
        TUNING,
        JOBS,
        INITIAL,
    output:
        TABLES,
        f"{RESULTS}/data.json",
    log:
        f"{LOGS}/collect.log",
    params:
        initial=groups_of(GRID.measured_stacks()),
        results=subpath(output[0], parent=True),
        stacks=groups_of(GRID.stacks()),
        tuned=groups_of(GRID.tuned_stacks()),
    shell:
        "exec python -m workflow.steps.collect --stacks {params.stacks} --tuned {params.tuned} --initial {params.initial}"
        " --results {params.results} > {log} 2>&1"


rule phase:
    output:
        f"{RESULTS}/phase.parquet",
        f"{RESULTS}/phase.json",
    log:
        f"{LOGS}/phase.log",
    priority: GRID.seconds("phase", {})
    params:
        arguments=GRID.phase_arguments(),
        # as of the reference cases: it needs no results
        code=code_digest(),
        results=subpath(output[0], parent=True),
    shell:
        "exec python -m workflow.steps.phase {params.arguments} --results {params.results} > {log} 2>&1"


rule reference:
    output:
        f"{RESULTS}/reference.parquet",
        f"{RESULTS}/reference.json",
    log:
        f"{LOGS}/reference.log",
    priority: GRID.seconds("reference", {})
    params:
        # it needs no results, so nothing else says when the library has become another one
        code=code_digest(),
        pinned=GRID.pinned,
        results=subpath(output[0], parent=True),
    shell:
        "exec python -m workflow.steps.reference --results {params.results}{params.pinned} > {log} 2>&1"


rule provenance:
    input:
        TUNING,
        JOBS,
        INITIAL,
        f"{RESULTS}/phase.json",
        f"{RESULTS}/reference.json",
    output:
        f"{RESULTS}/provenance.json",
    log:
        f"{LOGS}/provenance.log",
    params:
        digest=GRID.experiment.digest(),
        experiment=str(EXPERIMENT_FILE),
        initial=groups_of(GRID.measured_stacks()),
        left_out=shlex.join(word for sentence in LEFT_OUT.items() for word in ("--left-out", *sentence)),
        results=subpath(output[0], parent=True),
        stacks=groups_of(GRID.stacks()),
        tuned=groups_of(GRID.tuned_stacks()),
    shell:
        "exec python -m workflow.steps.provenance --stacks {params.stacks} --tuned {params.tuned} --initial {params.initial}"
        " --experiment {params.experiment} --digest {params.digest} {params.left_out} --results {params.results} > {log} 2>&1"


rule claims:
    input:
        TABLES,
        f"{RESULTS}/phase.parquet",
        sources=[str(path) for path in sorted(Path("reports/claims").glob("*.*"))],
    output:
        f"{RESULTS}/claims.json",
    log:
        f"{LOGS}/claims.log",
    params:
        results=subpath(output[0], parent=True),
    shell:
        "exec python -m workflow.steps.claims --results {params.results} > {log} 2>&1"


rule report:
    input:
        TABLES,
        f"{RESULTS}/claims.json",
        f"{RESULTS}/phase.parquet",
        f"{RESULTS}/reference.parquet",
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
