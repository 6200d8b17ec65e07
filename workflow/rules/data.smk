rule prepare:
    output:
        f"{RESULTS}/data/{{task}}/{{length}}.npz",
    log:
        f"{LOGS}/prepare/{{task}}/{{length}}.log",
    priority: lambda wildcards: GRID.path_seconds("prepare", wildcards)
    params:
        arguments=GRID.data_arguments(),
    shell:
        "exec python -m workflow.steps.prepare {params.arguments} --task {wildcards.task} --length {wildcards.length}"
        " --output {output} > {log} 2>&1"
