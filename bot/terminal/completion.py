"""`completion`: the script by which a shell completes zhengwen's commands, options and files."""

from __future__ import annotations

import click

SHELLS = ("bash", "zsh", "fish")
VARIABLE = "_ZHENGWEN_COMPLETE"
"""What the script sets when it calls zhengwen for completions; made of the program's name, as click does."""

EXAMPLES = """\b
Examples:
  zhengwen completion bash >> ~/.bashrc
  zhengwen completion zsh >> ~/.zshrc
  zhengwen completion fish > ~/.config/fish/completions/zhengwen.fish
"""


@click.command(short_help="Print the completion script of a shell.", epilog=EXAMPLES)
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(context: click.Context, shell: str) -> None:
    """Print what makes SHELL complete commands, options and their values with Tab; a new shell reads it."""
    from click.shell_completion import get_completion_class

    made = get_completion_class(shell)
    assert made is not None, "click knows the three shells"
    # Not made.source(): that starts a bash to ask its version and complains where there is none.
    template = made(context.find_root().command, {}, "zhengwen", VARIABLE)
    click.echo(template.source_template % template.source_vars())
