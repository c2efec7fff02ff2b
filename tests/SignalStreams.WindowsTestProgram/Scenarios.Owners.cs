using System.Runtime.InteropServices;

namespace SignalStreams.WindowsTestProgram;

/// <content>Other owners of an event.</content>
internal static partial class Scenarios
{
    /// <summary>owner: closes a receiver that nobody read when it is told to, and goes on until it is told to end.</summary>
    public static async Task<int> Redeliver(string[] args)
    {
        using var owner = args[0] switch
        {
            "registration that handles it" => Own(handles: true),
            "registration that looks on" => Own(handles: false),
            _ => null,
        };
        if (args[0] == "key handler")
        {
            Console.CancelKeyPress += (_, e) =>
            {
                Output.Line("owner heard");
                e.Cancel = true;
            };
        }

        await using (Signals.OpenSignalReceiver(SIGINT))
        {
            Output.Line("ready");
            Console.In.ReadLine();
        }

        Output.Line("closed");
        Console.In.ReadLine();
        return 7;
    }

    private static PosixSignalRegistration Own(bool handles) => PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
    {
        Output.Line("owner heard");
        context.Cancel |= handles;
    });
}
