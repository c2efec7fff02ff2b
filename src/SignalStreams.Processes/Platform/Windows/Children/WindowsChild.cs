namespace SignalStreams;

/// <summary>A child that has just been started.</summary>
/// <param name="Process">The child.</param>
/// <param name="Job">Its job.</param>
/// <param name="Console">Which console it has.</param>
/// <param name="Input">Our end of its standard input; null when it is inherited.</param>
/// <param name="Output">Our end of its standard output; null when it is inherited.</param>
/// <param name="Error">Our end of its standard error; null when it is inherited.</param>
internal sealed record WindowsChild(IWindowsProcess Process, IWindowsJob Job, WindowsChildConsole Console, Stream? Input, Stream? Output, Stream? Error);
