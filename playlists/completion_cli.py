"""The command `completion`."""

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print a script that lets SHELL complete commands, options, workouts and titles.

    \b
    Examples:
      eval "$(tempo completion bash)"                 # in ~/.bashrc
      eval "$(tempo completion zsh)"                  # in ~/.zshrc, after compinit
      tempo completion fish > ~/.config/fish/completions/tempo.fish
    """
    from playlists.completion import script

    click.echo(script(ctx.find_root().command, shell))
