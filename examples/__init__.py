"""Campaign folders to copy and run. `callsheet new DIR --example` copies the runner, `--pocket` the smallest one."""
