rule track:
    input:
        lambda wildcards: [f"{RESULTS}/jobs/{stack}.npz" for stack in GRID.stacks(wildcards.task)],
        lambda wildcards: [f"{RESULTS}/initial/{stack}.npz" for stack in GRID.stacks(wildcards.task)],
    output:
        f"{RECORDS}/{{task}}.json",
    log:
        f"{LOGS}/track/{{task}}.log",
    # beside the training of other tasks, not after it
    priority: 10**6
    resources:
        mlflow=1,
    params:
        experiment=EXPERIMENT,
        stacks=lambda wildcards: groups_of(GRID.stacks(wildcards.task)),
        # another store has to be told everything
        store=environment.tracking_store(),
    shell:
        "exec python -m workflow.steps.track --experiment {params.experiment} --task {wildcards.task}"
        " --stacks {params.stacks} --results results/{params.experiment} --output {output} > {log} 2>&1"


rule tracked:
    input:
        expand(f"{RECORDS}/{{task}}.json", task=GRID.tasks),
    output:
        f"{RESULTS}/mlflow.parquet",
    log:
        f"{LOGS}/tracked.log",
    resources:
        mlflow=1,
    params:
        experiment=EXPERIMENT,
        results=subpath(output[0], parent=True),
    shell:
        "exec python -m workflow.steps.tracked --experiment {params.experiment} --records {input}"
        " --results {params.results} > {log} 2>&1"
