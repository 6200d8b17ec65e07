ORIGINALS = f"{RESULTS}/originals"


rule fetch:
    output:
        f"{ORIGINALS}/{{name}}",
    log:
        f"{LOGS}/fetch/{{name}}.log",
    # all work on its tasks waits for it
    priority: 10**6
    resources:
        network=0 if MIRROR else 1,
    params:
        # what the file is, not where it comes from
        digest=lambda wildcards: GRID.experiment.files[wildcards.name].digest,
        experiment=str(EXPERIMENT_FILE),
    shell:
        # the progress bar is for the terminal, which is not where the log goes
        "exec python -m workflow.steps.fetch --experiment {params.experiment} --name {wildcards.name:q}"
        ' ${{DATA_MIRROR:+--mirror "$DATA_MIRROR"}} --output {output:q} --terminal 3 3>&2 > {log:q} 2>&1'


rule prepare:
    input:
        lambda wildcards: [f"{ORIGINALS}/{name}" for name in TASKS[wildcards.task].originals],
    output:
        f"{RESULTS}/data/{{task}}/{{length}}.npz",
    log:
        f"{LOGS}/prepare/{{task}}/{{length}}.log",
    priority: lambda wildcards: GRID.path_seconds("prepare", wildcards)
    params:
        arguments=lambda wildcards: GRID.data_arguments(wildcards.task, ORIGINALS),
    shell:
        "exec python -m workflow.steps.prepare {params.arguments} --task {wildcards.task} --length {wildcards.length}"
        " --output {output} > {log} 2>&1"
