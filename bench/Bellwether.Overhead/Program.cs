using Bellwether.Overhead;

// What a gateway adds, side by side in one run: direct to the upstream, a bare YARP proxy, Bellwether with everything on.
//   bench/overhead.sh [--rounds 5] [--seconds 8] [--quick]
// Roles of this one program: (none) runs the comparison, "upstream" answers, "yarp" proxies.
return args switch
{
    ["upstream", var port] => await Upstream.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture)),
    ["yarp", var port, var upstream] => await BareYarp.RunAsync(port, upstream),
    _ => await Comparison.RunAsync(Settings.Parse(args)),
};
