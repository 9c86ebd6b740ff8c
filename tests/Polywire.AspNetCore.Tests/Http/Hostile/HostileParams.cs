namespace Polywire.AspNetCore.Tests.Http.Hostile;

/// <summary>Queries, names, versions, callbacks and routes that are not what they should be.</summary>
internal static class HostileParams
{
    public static IEnumerable<HostileRequest> All => [.. Queries, .. Names, .. Callbacks, .. Routes];

    private static IEnumerable<HostileRequest> Queries =>
        from query in (string[])[
            string.Join('&', Enumerable.Range(0, 2500).Select(i => $"k{i}")), string.Join('&', Enumerable.Repeat("a=1", 4000)), $"a{string.Concat(Enumerable.Repeat("[b]", 4000))}=1",
            $"a{new string('[', 8000)}=1", $"a{new string(']', 8000)}=1", $"a[{new string('9', 5000)}]=1", "a[999999999999999999999]=1", "a[-1]=1", "a[1e9]=1",
            "__proto__[a]=1", "a[__proto__][b]=1", "constructor[prototype][a]=1", "a[constructor]=1", "toString=1&hasOwnProperty=1&valueOf=1", new string('&', 8000), new string('=', 8000),
            new string('%', 8000), "%", "%%%", "a=%00", "a=%ff%fe", "a=%ed%a0%80", "a=%f4%90%80%80", "%5b%5d=1", "[]=1", "a[]=1&a[x]=2&a=3", "length=1&0=a", "a=1;b=2"]
        select HostileRequest.Get($"query {(query.Length > 40 ? $"{query[..12]}… ({query.Length})" : query)}", $"/api/echo?{query}", 200);

    private static IEnumerable<HostileRequest> Names =>
    [
        .. from name in (string[])["__proto__", "constructor", "toString", "hasOwnProperty", "..", "%00", "%ff", "echo%00", "echo%20", "e\\cho", "<script>", new string('x', 5000)]
           from target in (string[])[$"/api/{name}", $"/api?action={name}"]
           select HostileRequest.Get($"action {(target.Length > 60 ? "very long" : target)} {target.Length}", target, 400, 404),
        .. from version in (string[])["constructor", "__proto__", "assign", "-1", "1e400", "NaN", "%00", "1;2", "0x1", new string('1', 5000)]
           select HostileRequest.Get($"version {(version.Length > 20 ? "very long" : version)}", $"/api/echo?apiVersion={version}", 404),
    ];

    private static IEnumerable<HostileRequest> Callbacks =>
        from callback in (string[])[
            "<script>alert(1)</script>", "%3Cscript%3Ealert(1)%3C/script%3E", "alert(document.cookie)//", "a%0aalert(1)", "%e2%80%a8alert(1)", "%ef%bb%bf", "a&callback=b", "%00", "%ff", "'%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
            new string('c', 257), new string('c', 5000), "()()()", "/**/alert"]
        select HostileRequest.Get($"callback {(callback.Length > 60 ? $"of {callback.Length}" : callback)}", $"/api/echo?a=%3C/script%3E&callback={callback}", 200, 400);

    private static IEnumerable<HostileRequest> Routes =>
    [
        HostileRequest.Get("pattern that runs on", $"/api/slow/{new string('a', 40)}", 404),
        HostileRequest.Get("pattern that runs on, longer", $"/api/slow/{new string('a', 5000)}", 404),
        HostileRequest.Get("pattern that runs on, and a line break", $"/api/slow/{new string('a', 40)}%0a", 404),
        HostileRequest.Get("variable that is no text", "/api/users/%ff%fe", 200),
        HostileRequest.Get("variable that is broken", "/api/users/%", 200),
        HostileRequest.Get("variable that is null", "/api/users/%00", 200, 400),
        HostileRequest.Get("variable of 8 KB", $"/api/users/{new string('%', 8000)}", 200),
        HostileRequest.Get("variable that would be another action", "/api/users/5?action=other&id=7", 200),
    ];
}
