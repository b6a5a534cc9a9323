"""Pictures that messengers and networks show beside a link of ours."""
