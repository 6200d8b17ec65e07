rule track:
    input:
        lambda wildcards: [str(job_file(Path(RESULTS), stack)) for stack in GRID.stacks(wildcards.task)],
    output:
        f"{RECORDS}/{{task}}.json",
    log:
        f"{LOGS}/track/{{task}}.log",
    # beside the training of other tasks, not after it
    priority: 10**6
    resources:
        mlflow=1,
    params:
        stacks=lambda wildcards: GRID.groups(wildcards.task),
        # another store has to be told everything; its address may hold a password
        store=sha256(os.environ.get("MLFLOW_TRACKING_URI", "").encode()).hexdigest(),
    shell:
        "exec python -m workflow.steps.track --experiment {EXPERIMENT} --task {wildcards.task} --stacks {params.stacks}"
        " --results {RESULTS} --output {output} > {log} 2>&1"


rule tracked:
    input:
        expand(f"{RECORDS}/{{task}}.json", task=GRID.tasks),
    output:
        f"{RESULTS}/mlflow.parquet",
    log:
        f"{LOGS}/tracked.log",
    resources:
        mlflow=1,
    shell:
        "exec python -m workflow.steps.tracked --experiment {EXPERIMENT} --records {input} --results {RESULTS} > {log} 2>&1"
