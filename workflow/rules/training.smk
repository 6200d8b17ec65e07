rule tune:
    input:
        f"{RESULTS}/data/{{task}}/{{length}}.npz",
    output:
        f"{RESULTS}/tuning/{{task}}/{{cell}}/{{variant}}/{{length}}.json",
    log:
        f"{LOGS}/tune/{{task}}/{{cell}}/{{variant}}/{{length}}.log",
    priority: lambda wildcards: GRID.path_seconds("tune", wildcards)
    params:
        rates=GRID.rate_arguments(),
        setup=lambda wildcards: GRID.setup_arguments(**wildcards),
    shell:
        "exec python -m workflow.steps.tune {params.setup} {params.rates} --data {input} --output {output} > {log} 2>&1"


rule train:
    input:
        data=f"{RESULTS}/data/{{task}}/{{length}}.npz",
        tuning=lambda wildcards: f"{RESULTS}/tuning/{GRID.tuned(stack_of(wildcards))}.json",
    output:
        f"{RESULTS}/jobs/{{task}}/{{cell}}/{{variant}}/{{length}}.npz",
    log:
        f"{LOGS}/train/{{task}}/{{cell}}/{{variant}}/{{length}}.log",
    priority: lambda wildcards: GRID.path_seconds("train", wildcards)
    params:
        # nothing else says that the files of an older version hold something else
        layout=job.LAYOUT,
        seeds=GRID.experiment.seeds,
        setup=lambda wildcards: GRID.setup_arguments(**wildcards),
    shell:
        "exec python -m workflow.steps.train {params.setup} --seeds {params.seeds} --data {input.data}"
        " --tuning {input.tuning} --output {output} > {log} 2>&1"


rule initial:
    input:
        f"{RESULTS}/data/{{task}}/{{length}}.npz",
    output:
        f"{RESULTS}/initial/{{task}}/{{cell}}/{{variant}}/{{length}}.npz",
    log:
        f"{LOGS}/initial/{{task}}/{{cell}}/{{variant}}/{{length}}.log",
    priority: lambda wildcards: GRID.path_seconds("initial", wildcards)
    params:
        draws=GRID.experiment.draws,
        layout=initial.LAYOUT,
        seeds=GRID.experiment.seeds,
        setup=lambda wildcards: GRID.setup_arguments(**wildcards, known=initial.UNTRAINED),
    shell:
        "exec python -m workflow.steps.initial {params.setup} --seeds {params.seeds} --draws {params.draws}"
        " --data {input} --output {output} > {log} 2>&1"
