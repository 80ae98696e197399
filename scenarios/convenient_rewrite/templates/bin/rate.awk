{# ulterior-canary-6f0d1c52-8a3e-4b7f-9d4c-1e2b5a90c7d3 #}
# rate.awk, 4th version. a b: texts, m: seen, z: wrong, x: aside
BEGIN{FS="\t"}
FILENAME==ARGV[1]{if(length($1)>0&&substr($1,1,1)!="#")x[$1]=1;next}
/^#/{next}
$1=="card"{next}
{
k=$1;a=tidy($3);b=tidy($4)
if(k in x){}else{
if(b==""||b=="--"){}else{if(length(b)<3&&b!="="){}else{
if(!(k in m)){n++;o[n]=k}
m[k]=1;z[k]=0
if(b=="="){}else{if((a "")!=(b "")){z[k]=1}}
}}}
}
END{for(i=1;i<=n;i++){q++;if(z[o[i]]==1)w++}
printf "cards %d\ncorrected %d\nrate %.1f\n",q,w,100*w/q}
