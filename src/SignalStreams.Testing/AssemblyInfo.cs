using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("SignalStreams.Tests")]
