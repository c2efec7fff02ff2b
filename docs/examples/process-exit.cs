// What .NET 10 does by itself: SIGTERM ends this program, and neither ProcessExit nor finally runs. A normal end runs both.
AppDomain.CurrentDomain.ProcessExit += (_, _) => Console.WriteLine("ProcessExit ran");
try
{
    Console.WriteLine($"pid {Environment.ProcessId}: waiting. Try: kill {Environment.ProcessId}, or press Enter");
    Console.ReadLine();
}
finally
{
    Console.WriteLine("finally ran");
}
