"""List the places that datelines name, in lower case, without compass point, `Kota` or `Kabupaten`."""


def _names(names: str) -> frozenset[str]:
    return frozenset(" ".join(name.split()) for name in names.split(","))


PLACES = _names(
    """aceh, banda aceh, sabang, lhokseumawe, langsa, meulaboh, takengon, sumut, medan, binjai, pematangsiantar,
    sibolga, tebing tinggi, deli serdang, karo, langkat, asahan, nias, tapanuli, simalungun, toba, samosir, sumatera,
    sumatra, sumbar, padang, bukittinggi, payakumbuh, pariaman, agam, solok, riau, pekanbaru, dumai, siak, kampar,
    indragiri, kepulauan riau, batam, tanjungpinang, bintan, karimun, natuna, jambi, sungai penuh, kerinci, bengkulu,
    rejang lebong, sumsel, palembang, lubuklinggau, prabumulih, ogan ilir, musi banyuasin, lampung, bandar lampung,
    metro, pringsewu, bangka, belitung, bangka belitung, pangkalpinang, banten, serang, cilegon, tangerang,
    pandeglang, lebak, dki, dki jakarta, jakarta, jabar, jawa, bandung, bogor, depok, bekasi, cimahi, cirebon,
    sukabumi, tasikmalaya, banjar, cianjur, garut, karawang, purwakarta, subang, sumedang, kuningan, majalengka,
    indramayu, ciamis, pangandaran, jateng, semarang, solo, surakarta, salatiga, magelang, pekalongan, tegal,
    banyumas, purwokerto, cilacap, kebumen, purworejo, wonosobo, temanggung, kendal, demak, kudus, jepara, pati,
    rembang, blora, grobogan, boyolali, klaten, sukoharjo, wonogiri, karanganyar, sragen, brebes, pemalang, batang,
    purbalingga, banjarnegara, ungaran, diy, yogyakarta, jogja, yogya, jogjakarta, sleman, bantul,
    kulon progo, gunungkidul, gunung kidul, wonosari, jatim, surabaya, malang, batu, kediri, blitar, madiun,
    mojokerto, pasuruan, probolinggo, sidoarjo, gresik, lamongan, tuban, bojonegoro, ngawi, magetan, ponorogo,
    pacitan, trenggalek, tulungagung, nganjuk, jombang, lumajang, jember, bondowoso, situbondo, banyuwangi, bangkalan,
    sampang, pamekasan, sumenep, madura, bali, denpasar, badung, gianyar, tabanan, buleleng, singaraja, karangasem,
    klungkung, ntb, nusa tenggara, mataram, lombok, sumbawa, bima, dompu, ntt, kupang, ende, maumere, labuan bajo,
    manggarai, sumba, flores, atambua, kalimantan, kalbar, pontianak, singkawang, sambas, ketapang,
    sintang, kalteng, palangka raya, palangkaraya, sampit, pangkalan bun, kalsel, banjarmasin, banjarbaru, martapura,
    kaltim, samarinda, balikpapan, bontang, kutai kartanegara, penajam, berau, nusantara, ibu kota nusantara, kaltara,
    tarakan, nunukan, tanjung selor, sulawesi, sulut, manado, bitung, tomohon, kotamobagu, minahasa, gorontalo,
    sulteng, palu, poso, donggala, sigi, morowali, luwuk, sulbar, mamuju, majene, polewali, sulsel, makassar,
    parepare, palopo, gowa, maros, bone, bulukumba, toraja, sultra, kendari, baubau, kolaka, konawe, maluku, ambon,
    tual, ternate, tidore, sofifi, papua, jayapura, sentani, merauke, timika, nabire, wamena, biak, manokwari, sorong,
    fakfak, raja ampat, abu dhabi, amsterdam, ankara, athena, baghdad, bangkok, beijing, berlin, brussel, canberra,
    den haag, dhaka, dili, doha, dubai, gaza, hanoi, hong kong, islamabad, istanbul, jeddah, jenewa, kabul, kairo,
    kuala lumpur, kyiv, london, madinah, madrid, makkah, manila, mekkah, melbourne, moskow, new delhi, new york,
    paris, riyadh, roma, seoul, shanghai, sydney, teheran, tokyo, washington, washington dc, wina, yangon, yerusalem
    """
)
"""Provinces, cities and regencies of Indonesia, their abbreviations, and cities abroad that agencies report from."""

COUNTRIES = _names(
    """afganistan, amerika serikat, arab saudi, argentina, australia, belanda, brasil, brunei, china, filipina, india,
    indonesia, inggris, irak, iran, israel, italia, jepang, jerman, kamboja, kanada, korea, laos, lebanon, malaysia,
    mesir, myanmar, oman, pakistan, palestina, portugal, prancis, qatar, rusia, singapura, spanyol, suriah, swiss,
    taiwan, thailand, tiongkok, timor leste, turki, ukraina, vietnam, yaman, yordania
    """
)
"""Countries. Two joined by a dash are a match or a border, not a dateline."""
