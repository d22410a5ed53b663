"""The pages of the workstation, each fed by plain values and callables."""
