using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace SignalStreams.Benchmarks.Rolling;

/// <summary>Two instances of a service behind nginx, under the load of wrk, stopped by SIGTERM and started again one after the other.</summary>
/// <param name="instance">How an instance is started that is to listen on a port of the loopback. It answers GET and POST /hello, and /readyz.</param>
internal sealed class RollingRestart(Func<int, ProcessStartInfo> instance)
{
    private const string Nginx = "/usr/sbin/nginx";
    private const string Wrk = "/usr/bin/wrk";

    // Half of them are requests that a load balancer must not send twice.
    private const string LoadScript = """
        local count = 0
        request = function()
          count = count + 1
          if count % 2 == 0 then
            return wrk.format("POST", "/hello", { ["Content-Type"] = "text/plain" }, "hello")
          end
          return wrk.format("GET", "/hello")
        end
        """;

    /// <summary>What is missing on this machine; null if nothing is.</summary>
    public static string? Missing => File.Exists(Nginx) && File.Exists(Wrk) ? null : "A rolling restart needs nginx and wrk (apt-get install nginx wrk).";

    /// <param name="restarts">How many restarts, of the two in turn.</param>
    /// <param name="connections">How many clients.</param>
    public async Task<RollingResult> RunAsync(int restarts, int connections)
    {
        var folder = Directory.CreateTempSubdirectory("rolling-").FullName;
        try
        {
            return await RunAsync(folder, restarts, connections);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<RollingResult> RunAsync(string folder, int restarts, int connections)
    {
        var ports = FreePorts(3);
        string[] unready = [Path.Combine(folder, "first.unready"), Path.Combine(folder, "second.unready")];
        ReadinessProbe[] probes = [new(Address(ports[1]), unready[0]), new(Address(ports[2]), unready[1])];
        var probing = Task.WhenAll(probes.Select(probe => probe.RunAsync()));
        RollingProcess?[] instances = [null, null];
        try
        {
            instances = [new(instance(ports[1])), new(instance(ports[2]))];
            for (var i = 0; i < 2; i++)
            {
                await WaitAsync(probes[i], instances[i]!);
            }

            await File.WriteAllTextAsync(Path.Combine(folder, "nginx.conf"), Configuration(ports, unready));
            await File.WriteAllTextAsync(Path.Combine(folder, "load.lua"), LoadScript);
            await using var nginx = new RollingProcess(new ProcessStartInfo(Nginx, ["-p", folder, "-c", "nginx.conf", "-e", "error.log"]));
            await ConnectAsync(ports[0], nginx);
            await using var wrk = new RollingProcess(new ProcessStartInfo(Wrk, [
                "-t1", string.Create(CultureInfo.InvariantCulture, $"-c{connections}"), "-d1h", "--timeout", "30s", "-s", Path.Combine(folder, "load.lua"), $"{Address(ports[0])}hello"]));
            await Task.Delay(TimeSpan.FromSeconds(1));
            for (var i = 0; i < restarts; i++)
            {
                var which = i % 2;
                await instances[which]!.EndAsync(SIGTERM);
                await instances[which]!.DisposeAsync();
                instances[which] = new RollingProcess(instance(ports[1 + which]));

                // It has been away for long enough that the probe knows, if not for as long as this loop has taken.
                await WaitAsync(probes[which], instances[which]!);
                await Task.Delay(TimeSpan.FromMilliseconds(200));
                await WaitAsync(probes[which], instances[which]!);
            }

            await wrk.EndAsync(SIGINT);
            await nginx.EndAsync(SIGTERM);
            var failures = Path.Combine(folder, "failed.log");
            return RollingResult.Parse(restarts, wrk.Output, File.Exists(failures) ? await File.ReadAllLinesAsync(failures) : []);
        }
        finally
        {
            foreach (var probe in probes)
            {
                probe.Stop();
            }

            await probing;
            foreach (var process in instances)
            {
                if (process is not null)
                {
                    await process.DisposeAsync();
                }
            }

            foreach (var probe in probes)
            {
                probe.Dispose();
            }
        }
    }

    private static async Task WaitAsync(ReadinessProbe probe, RollingProcess process)
    {
        try
        {
            await probe.WaitAsync(() => process.HasEnded);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{e.Message} It wrote:\n{process.Output}", e);
        }
    }

    // Ports that were free a moment ago: nginx and a service that is started again need to know theirs before.
    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners)
        {
            listener.Start();
        }

        var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
        foreach (var listener in listeners)
        {
            listener.Dispose();
        }

        return ports;
    }

    private static Uri Address(int port) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));

    private static async Task ConnectAsync(int port, RollingProcess nginx)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var connection = new TcpClient();
                await connection.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (attempt < 1000 && !nginx.HasEnded)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(10));
            }
            catch (SocketException e)
            {
                throw new InvalidOperationException($"nginx does not answer:\n{nginx.Output}", e);
            }
        }
    }

    // Its defaults: a request is sent to the other instance when a connection fails, except for a POST that has been sent already. No instance is avoided for a while after an error
    // (max_fails), which would blame a service for what it did before. 499 is wrk's own end.
    private static string Configuration(int[] ports, string[] unready) => string.Create(CultureInfo.InvariantCulture, $$"""
        daemon off;
        master_process off;
        pid nginx.pid;
        error_log error.log;
        events { worker_connections 4096; }
        http {
          map $status $is_failed { 499 0; ~^[45] 1; default 0; }
          log_format failed '$request_method $status $upstream_addr $upstream_status';
          access_log failed.log failed if=$is_failed;
          client_body_temp_path body;
          proxy_temp_path proxy;
          fastcgi_temp_path fastcgi;
          uwsgi_temp_path uwsgi;
          scgi_temp_path scgi;
          upstream both { server 127.0.0.1:{{ports[1]}} max_fails=0; server 127.0.0.1:{{ports[2]}} max_fails=0; keepalive 64; }
          upstream first { server 127.0.0.1:{{ports[1]}} max_fails=0; keepalive 64; }
          upstream second { server 127.0.0.1:{{ports[2]}} max_fails=0; keepalive 64; }
          server {
            listen 127.0.0.1:{{ports[0]}};
            keepalive_requests 1000000000;
            keepalive_timeout 1h;
            location / {
              set $ready both;
              if (-f {{unready[0]}}) { set $ready second; }
              if (-f {{unready[1]}}) { set $ready first; }
              proxy_pass http://$ready;
              proxy_http_version 1.1;
              proxy_set_header Connection "";
            }
          }
        }
        """);
}
