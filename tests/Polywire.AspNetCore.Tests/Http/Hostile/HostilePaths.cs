namespace Polywire.AspNetCore.Tests.Http.Hostile;

/// <summary>Ways out of a public folder, in every spelling.</summary>
internal static class HostilePaths
{
    private static readonly string[] Starts = ["", "/public", "/notes", "/api/notes", "/public/sub", "/file"];

    private static readonly (string Name, string Path)[] Climbs =
    [
        ("dots", "/../outside.txt"), ("two dots", "/../../outside.txt"), ("encoded dots", "/%2e%2e/outside.txt"), ("half encoded dots", "/.%2e/outside.txt"),
        ("capital encoded dots", "/%2E%2E/outside.txt"), ("encoded slash", "/..%2foutside.txt"), ("all encoded", "/%2e%2e%2foutside.txt"),
        ("backslash", "/..\\outside.txt"), ("encoded backslash", "/..%5coutside.txt"), ("doubly encoded", "/%252e%252e/outside.txt"),
        ("doubly encoded slash", "/..%252foutside.txt"), ("overlong dot", "/%c0%ae%c0%ae/outside.txt"), ("overlong slash", "/..%c0%afoutside.txt"),
        ("utf-16 dot", "/%u002e%u002e/outside.txt"), ("fullwidth dots", "/%ef%bc%8e%ef%bc%8e/outside.txt"), ("four dots", "/..../outside.txt"),
        ("dots and slashes", "/....//outside.txt"), ("dot dot semicolon", "/..;/outside.txt"), ("null", "/..%00/outside.txt"), ("null at the end", "/page.html%00.txt"),
        ("through a file", "/page.html/../../outside.txt"), ("climb and return", "/../public/../outside.txt"), ("sibling folder", "/../public-secret/leak.txt"),
        ("encoded sibling", "/..%2fpublic-secret/leak.txt"), ("absolute", "//etc/passwd"), ("encoded absolute", "/%2fetc%2fpasswd"), ("device", "/%2fdev%2fzero"),
        ("proc", "/%2fproc%2fself%2fenviron"), ("link", "/link.txt"), ("dot file", "/.hidden"), ("git", "/.git/config"), ("drive", "/c:%5cwindows%5cwin.ini"),
        ("stream", "/page.html::$DATA"), ("home", "/~root/x"), ("line break", "/%0d%0aoutside.txt"), ("long", "/" + new string('a', 5000)),
    ];

    public static IEnumerable<HostileRequest> All =>
        from start in Starts
        from climb in Climbs
        select HostileRequest.Get($"{climb.Name} from {(start.Length == 0 ? "/" : start)}", start + climb.Path, 400, 404);
}
