using Bellwether.Overhead;

// What a gateway adds, side by side in one run: direct to the upstream, a bare YARP proxy, Bellwether with everything on.
//   bench/overhead.sh [--rounds 5] [--seconds 8] [--quick], or --rounds 0 for the memory alone
// Roles of this one program: (none) runs the comparison, "upstream" answers, "yarp" proxies, "drive" and "pace" load one address for a profile.
return args switch
{
    ["upstream", var port] => await Upstream.RunAsync(Number(port)),
    ["yarp", var port, var upstream] => await BareYarp.RunAsync(port, upstream),
    ["pace", var port, var key, var seconds, var perSecond, .. var size] => await Load.PaceAsync(Number(port), key, Number(seconds), Number(perSecond), size is [var characters] ? Number(characters) : 2_000),
    ["drive", var port, var key, var seconds, var tokens] => await Load.DriveAsync(Number(port), key, Number(seconds), Number(tokens)),
    _ => await Comparison.RunAsync(Settings.Parse(args)),
};

static int Number(string text) => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
