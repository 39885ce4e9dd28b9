"""The sandbox: the kernel asks a helper process about the system calls of the tests.

`supervised` is the side of the process that runs tests, `helper` the program that answers, `page` what both share,
`kernel` the few calls that Python has no names for, `target` reads the arguments of a call, `judge` decides.
"""
